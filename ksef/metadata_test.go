package ksef

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

const metadataJSON = `{"ksefNumber":"5265877635-20250826-0100001AF629-AF","invoiceNumber":"FV/1/11/2026","issueDate":"2026-11-21","invoicingDate":"2026-11-22T08:53:38.0058599+00:00","acquisitionDate":"2026-11-22T09:53:39+01:00","permanentStorageDate":"2026-11-22T08:53:40.123456+00:00","seller":{"nip":"5265877635","name":"Pracownia Cegła"},"buyer":{"identifier":{"type":"None","value":null},"name":null},"netAmount":100.5,"grossAmount":-123.62,"vatAmount":2.312E1,"currency":"PLN","invoicingMode":"Online","invoiceType":"Vat","formCode":{"systemCode":"FA (3)","schemaVersion":"1-0E","value":"FA"},"isSelfInvoicing":false,"hasAttachment":true,"invoiceHash":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=","hashOfCorrectedInvoice":null,"thirdSubjects":[{"identifier":{"type":"InternalId","value":"5265877635-12346"},"name":"Oddział","role":10}],"authorizedSubject":{"nip":"5260001246","role":3}}`

func TestMetadata(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 53, 38, 5859900, time.UTC)
	want := InvoiceMetadata{
		KSeFNumber: "5265877635-20250826-0100001AF629-AF", InvoiceNumber: "FV/1/11/2026", IssueDate: pl.NewDate(2026, 11, 21),
		InvoicingDate: at, AcquisitionDate: time.Date(2026, 11, 22, 8, 53, 39, 0, time.UTC), PermanentStorageDate: time.Date(2026, 11, 22, 8, 53, 40, 123456000, time.UTC),
		Seller: MetadataParty{testNIP, "Pracownia Cegła"}, Buyer: MetadataBuyer{Identifier: Identifier{Type: IdentifierNone}},
		NetAmount: decimal.RequireFromString("100.5"), GrossAmount: decimal.RequireFromString("-123.62"), VATAmount: decimal.RequireFromString("23.12"),
		Currency: "PLN", Mode: ModeOnline, Type: TypeVAT, FormCode: FormFA3, HasAttachment: true, InvoiceHash: sample32,
		ThirdSubjects: []MetadataThirdSubject{{Identifier{IdentifierInternalID, "5265877635-12346"}, "Oddział", ThirdVATGroupRecipient}},
		Authorized:    &MetadataAuthorized{NIP: "5260001246", Role: AuthorizedTaxRepresentative},
	}
	var got InvoiceMetadata
	if err := json.Unmarshal([]byte(metadataJSON), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	raw, err := json.Marshal(got) // as a program stores it
	if err != nil {
		t.Fatal(err)
	}
	var again InvoiceMetadata
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("stored and read again:\n%s", diff)
	}
}

// BenchmarkMetadataPage decodes a full page of a query.
func BenchmarkMetadataPage(b *testing.B) {
	body := []byte(fmt.Sprintf(`{"hasMore":true,"isTruncated":false,"invoices":[%s]}`, strings.Repeat(metadataJSON+",", 249)+metadataJSON))
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var page wireMetadataPage
		if err := json.Unmarshal(body, &page); err != nil || len(page.Invoices) != 250 {
			b.Fatal(err)
		}
	}
}
