package invoicing

// Woken reports whether Run would look at the queue at once.
func Woken(s *Service) bool { return len(s.wake) > 0 }
