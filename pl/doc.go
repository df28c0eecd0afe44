// Package pl holds what every program about Polish business shares:
// identifiers with their check digits, civil dates in Warsaw, public holidays
// and time limits.
//
//	nip, err := pl.ParseNIP("PL 123-456-32-18")
//	if err != nil {
//		return err // says what is wrong and what to write instead
//	}
//	due := pl.DateOf(time.Now()).AddDays(14)
//	fmt.Println(nip, due) // 1234563218 2026-12-06
//
// # Identifiers
//
// NIP, REGON, KRS, PESEL, NRB, IBAN, InternalID and KSeFNumber are string
// types that hold the canonical spelling: no blanks, no country prefix where
// the identifier has none. The Parse functions accept the spellings people
// write (blanks and dashes between digits, "PL" before a NIP or an account)
// and return the canonical one; only ASCII digits count as digits and input
// longer than 64 bytes is refused unread. The Valid methods judge a value as
// it stands. Passing a check digit says that a number was not mistyped; it
// does not say that the number was ever given to anybody.
//
// Decoding JSON or any other text straight into an identifier keeps the text
// unchanged and unchecked, so that a program can collect every fault of a
// document before it answers: call Valid, or parse. [Date] and [VATUE] are
// structs and refuse bad text when they are decoded.
//
// # Errors
//
// Every failure is a [*ParseError] which matches [ErrFormat] or [ErrChecksum]
// through errors.Is. It names the kind of identifier and the remedy and never
// holds the value, so it can be logged.
//
// # Personal data
//
// Handed to log/slog as attributes, all identifiers print masked (the last few
// digits stay). PESEL, NRB and IBAN print masked through fmt as well; their
// full value is string(x), and encoders such as encoding/json write it in
// full. A struct passed to slog.Any is printed by the handler's own rules:
// a JSON handler writes its fields as encoding/json does, unmasked.
//
// # Dates
//
// [Date] is a day of the calendar without time of day or zone. [DateOf] and
// [Date.Start] convert from and to instants in the time zone of Warsaw, whose
// rules are compiled into the program, and are right on the days when the
// clock changes.
//
// # Working days and time limits
//
// [Date.IsHoliday], [Date.IsWorkday] and [Date.AddWorkdays] know the public
// holidays of every year from 1990 to 2100, with the years in which each came
// into the law. [Period] counts time limits as the Tax Ordinance and the Civil
// Code do; [Date.End] is the instant at which one runs out. A day off that the
// Prime Minister orders in an epidemic is not foreseen; there has been none.
//
// All values are immutable and safe for concurrent use.
package pl
