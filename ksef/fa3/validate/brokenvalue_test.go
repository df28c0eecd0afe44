package validate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBrokenValue: of a value that the XML layer cuts off nothing else is said,
// and what is wrong before it still is.
func TestBrokenValue(t *testing.T) {
	t.Parallel()
	wrongMark := `<P_16>false</P_16>`
	for _, c := range []struct {
		name, old, new string
		want           []Code
	}{
		{"instruction in a date", "<P_1>2026-02-03", "<P_1>20<?x?>26-02-03", []Code{CodeInstruction}},
		{"instruction in a fixed value", ">FA<", ">F<?x?>A<", []Code{CodeInstruction}},
		{"instruction before the value", "<P_1>2026", "<P_1><?x?>2026", []Code{CodeInstruction}},
		{"instruction behind the value", "<P_1>2026-02-03", "<P_1>2026-02-03<?x?>", []Code{CodeInstruction}},
		{"wrong value before it", "<P_16>2</P_16>\n      <P_17>2", wrongMark + "<P_17>0<?x?>", []Code{CodeType, CodeInstruction}},
		{"wrong value and attribute", "<P_1>2026", `<P_1 a="b">20<?x?>26`, []Code{CodeAttribute, CodeInstruction}},
		{"less-than sign in a value", "<P_15>1518.44", "<P_15>15<18.44", []Code{"xml.name"}},
		{"text outside a value", "<Fa>", "<Fa>Faktura<?x?>", []Code{CodeText, CodeInstruction}},
		{"between elements", "<P_16>2</P_16>", wrongMark + "<?x?>", []Code{CodeType, CodeInstruction}},
		{"element inside a value", "<P_1>2026", "<P_1>20<b><?x?></b>26", []Code{CodeUnexpected, CodeInstruction}},
	} {
		var got []Code
		for _, p := range Document([]byte(edited(c.old, c.new)), Config{}).Problems {
			got = append(got, p.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}
