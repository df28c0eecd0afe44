package main

import "errors"

// Exit codes of every command (stable, for scripts).
const (
	exitDone  = 0 // done, or the answer is yes
	exitNo    = 1 // the answer is no: invalid, not found, mismatch
	exitUsage = 2 // wrong use
	exitFault = 3 // could not do it: files, network, upstream
)

// coded carries the exit code of an error to main.
type coded struct {
	code int
	err  error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

func no(err error) error    { return &coded{exitNo, err} }
func usage(err error) error { return &coded{exitUsage, err} }

// exitCode is exitFault unless the error says otherwise.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	var c *coded
	if errors.As(err, &c) {
		return c.code
	}
	return exitFault
}
