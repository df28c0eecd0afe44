package rules

// digitsOnly reports whether a text is ASCII digits and not empty.
func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// digitCount is how many ASCII digits a text has.
func digitCount(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// gs1 reports whether a text is a GS1 number of the given length with the right
// check digit: weights 3 and 1 in turn from the right.
func gs1(s string, length int) bool {
	if len(s) != length || !digitsOnly(s) {
		return false
	}
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * weight
		weight = 4 - weight
	}
	return sum%10 == 0
}

// seen tells whether a key came before, for rules against repetition. It costs
// nothing until there are two keys.
type seen[K comparable] struct {
	first K
	some  bool
	more  map[K]bool
}

func (s *seen[K]) add(key K) (repeated bool) {
	switch {
	case !s.some:
		s.first, s.some = key, true
		return false
	case s.more == nil:
		s.more = map[K]bool{s.first: true}
	}
	repeated = s.more[key]
	s.more[key] = true
	return repeated
}
