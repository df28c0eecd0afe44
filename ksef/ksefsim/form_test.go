package ksefsim

import (
	"net/http"
	"strings"
	"testing"
)

// farmRR is an invoice of a buyer of milk for the farmer.
const farmRR = `<?xml version="1.0" encoding="UTF-8"?><Faktura xmlns="http://crd.gov.pl/wzor/2026/03/06/14189/">` +
	`<Naglowek><KodFormularza kodSystemowy="FA_RR (1)" wersjaSchemy="1-1E">FA_RR</KodFormularza><WariantFormularza>1</WariantFormularza>` +
	`<DataWytworzeniaFa>2026-07-15T11:59:00Z</DataWytworzeniaFa></Naglowek>` +
	`<Podmiot1><DaneIdentyfikacyjne><NIP>1234563218</NIP><Nazwa>Jan Rolnik</Nazwa></DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Łąki 1</AdresL1></Adres></Podmiot1>` +
	`<Podmiot2><DaneIdentyfikacyjne><NIP>5260001246</NIP><Nazwa>Mleczarnia Narew</Nazwa></DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Łomża 2</AdresL1></Adres></Podmiot2>` +
	`<FakturaRR><KodWaluty>PLN</KodWaluty><P_4B>2026-07-15</P_4B><P_4C>RR/1</P_4C><P_11_1>100.00</P_11_1><P_11_2>7.00</P_11_2><P_12_1>107.00</P_12_1>` +
	`<P_12_2>sto siedem złotych</P_12_2><RodzajFaktury>VAT_RR</RodzajFaktury></FakturaRR></Faktura>`

// fa2 is an invoice in the form before FA (3).
func fa2(number string) []byte {
	doc := string(invoiceXML(number))
	doc = strings.NewReplacer(
		"http://crd.gov.pl/wzor/2025/06/25/13775/", "http://crd.gov.pl/wzor/2023/06/29/12648/",
		`kodSystemowy="FA (3)"`, `kodSystemowy="FA (2)"`, "<WariantFormularza>3<", "<WariantFormularza>2<",
		"<JST>2</JST><GV>2</GV>", "",
	).Replace(doc)
	return []byte(doc)
}

// openForm opens a session for documents of a form.
func (h *harness) openForm(token string, code formCode) *client {
	h.Helper()
	e := newEnvelope()
	body := h.openBody(e)
	body["formCode"] = code
	return &client{h, e, token, h.post("/v2/sessions/online", token, body).want(http.StatusCreated).text("referenceNumber")}
}

func TestFarmInvoices(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.openForm(h.owner(shopper), formCode{"FA_RR (1)", "1-1E", "FA_RR"})
	c.invoice(c.send([]byte(farmRR))).statusIs(410)
	h.asks("POST", "authorizations/grants", h.owner(seller), grantBody(nipOf(shopper), company1, map[string]any{"permission": "RRInvoicing"})).statusIs(200)
	reference := c.send([]byte(farmRR))
	c.invoice(reference).statusIs(200)
	c.invoice(c.send([]byte(strings.Replace(farmRR, "<P_11_2>7.00</P_11_2>", "", 1)))).statusIs(430)
	list := elements(h.post("/v2/invoices/query/metadata", c.token, filter(asBuyer, datePermanent, map[string]any{"formType": "FA_RR"})).want(200), "invoices")
	if len(list) != 1 || list[0]["invoiceType"] != "VatRr" || list[0]["grossAmount"] != 107.0 || list[0]["invoiceNumber"] != "RR/1" {
		t.Errorf("metadata %v", list)
	}
	upo := h.get(c.path("invoices", reference, "upo"), c.token).want(http.StatusOK)
	if !strings.Contains(string(upo.body), "Schemat_FA_RR(1)_v1-1E.xsd") {
		t.Errorf("confirmation %s", upo.body)
	}
}

func TestOlderForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	c := h.openForm(token, formCode{"FA (2)", "1-0E", "FA"})
	c.invoice(c.send(fa2("FV/1"))).statusIs(200)
	c.invoice(c.send(fa2("FV/1"))).statusIs(440)
	c.invoice(c.send(invoiceXML("FV/2"))).statusIs(430) // FA (3) in a session for FA (2)
	list := elements(h.post("/v2/invoices/query/metadata", token, filter(asSeller, datePermanent)).want(200), "invoices")
	if len(list) != 1 || list[0]["formCode"].(map[string]any)["systemCode"] != "FA (2)" {
		t.Errorf("metadata %v", list)
	}
}
