package rules

import "slices"

// Severity tells how sure a rule is that something must be changed.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // KSeF refuses the document, or it breaks a plain requirement
	Warning Severity = "warning" // a contradiction that should be looked into before sending
	Info    Severity = "info"    // worth a look; may well be intended
)

// Basis tells on what a rule rests.
type Basis string

// The bases.
const (
	KSeFRejects   Basis = "ksef rejects"   // KSeF refuses the document, or handles it differently
	LawRequires   Basis = "law requires"   // the VAT Act or the Ministry's description of FA(3) demands it
	LikelyMistake Basis = "likely mistake" // nothing demands it, but documents like this are usually wrong
	Advice        Basis = "advice"         // a good habit that spares questions
)

// Rule is one thing that an invoice should satisfy.
type Rule struct {
	ID        string   // stable name, topic.detail, such as "nip.checksum"
	Severity  Severity // how sure the rule is; Config.Severity overrides it
	Basis     Basis    // on what it rests
	Reference string   // the provision or the Ministry's document
	// EN and PL say what is wrong and what to do; words in braces stand for
	// facts of the single finding, such as {expected}.
	EN string
	PL string
	// Check reports every place where the document breaks the rule. It must
	// not change the document and should take linear time.
	Check func(*Document, *Findings)
}

// All lists the standard rules, by topic and always in the same order.
func All() []Rule { return slices.Clone(standard) }

// standard is every rule, by topic.
var standard = slices.Concat(
	identifierRules, textRules, contactRules, partyRules, roleRules,
	numberRules, dateRules, termRules,
	kindRules, correctionRules, referenceRules, differenceRules, advanceRules,
	lineRules, valueRules, codeRules, orderRules, totalRules,
	exemptionRules, chargeRules, crossBorderRules, marginRules, splitRules, vehicleRules,
	currencyRules, paymentRules, accountRules, extraRules, transportRules, attachmentRules,
)
