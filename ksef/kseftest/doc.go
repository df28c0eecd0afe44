// Package kseftest holds the conformance suites that every implementation of
// the stores of package ksef passes.
//
//	func TestLimitStore(t *testing.T) {
//		kseftest.TestLimitStore(t, func(t *testing.T) ksef.LimitStore { return openEmptyStore(t) })
//	}
package kseftest
