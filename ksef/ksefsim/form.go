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
	judge     func(xml []byte) (facts, outcome)
}

// findForm returns the form of a code. Forms without a judge here are refused
// with the answer that KSeF gives for forms it does not know.
func findForm(code formCode) (*form, bool) {
	if code == (formCode{"FA (3)", "1-0E", "FA"}) {
		return &form{code: code, structure: "Schemat_FA(3)_v1-0E.xsd", judge: judgeFA3}, true
	}
	return nil, false
}
