//go:build !unix

package pack

import "time"

// cpu is not known here.
func cpu() time.Duration { return 0 }
