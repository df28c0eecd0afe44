package ksefsim

// formCode names the form of the documents of a session.
type formCode struct {
	SystemCode    string `json:"systemCode"`
	SchemaVersion string `json:"schemaVersion"`
	Value         string `json:"value"`
}

// form is a kind of document that the simulator can judge.
type form struct {
	code      formCode
	structure string // name of the schema in confirmations
	testOnly  bool
	judge     func(xml []byte) (facts, outcome)
}

// forms are the forms that the simulator takes.
var forms = []form{
	{code: formCode{"FA (3)", "1-0E", "FA"}, structure: "Schemat_FA(3)_v1-0E.xsd", judge: judgeFA3},
	{code: formCode{"FA (2)", "1-0E", "FA"}, structure: "Schemat_FA(2)_v1-0E.xsd", testOnly: true, judge: judgeFA2},
	{code: formCode{"FA_RR (1)", "1-1E", "FA_RR"}, structure: "Schemat_FA_RR(1)_v1-1E.xsd", judge: judgeRR},
}

// findForm returns the form of a code. Forms without a judge here are refused
// with the answer that KSeF gives for forms it does not know.
func findForm(code formCode) (*form, bool) {
	for i := range forms {
		if forms[i].code == code {
			return &forms[i], true
		}
	}
	return nil, false
}

// offered reports whether an environment takes a form.
func (f *form) offered(p Profile) bool { return !f.testOnly || p.testing() }
