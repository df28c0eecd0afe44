package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"text/tabwriter"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// result is what demo --json prints.
type result struct {
	Number     string   `json:"number"`
	KSeFNumber string   `json:"ksefNumber"`
	State      string   `json:"state"`
	Gross      string   `json:"gross"`
	Currency   string   `json:"currency"`
	SHA256     string   `json:"sha256"`
	UPO        string   `json:"upo"`
	AuditSeq   uint64   `json:"auditSeq"`
	AuditSize  uint64   `json:"auditSize"`
	AuditProof string   `json:"auditProof"`
	Files      []string `json:"files"`
}

// report checks everything once more from the stored bytes alone, writes the
// files and prints the result.
func (d *demo) report(ctx context.Context, a *app, r *invoicing.Record) error {
	res := &result{
		Number: r.Number, KSeFNumber: string(r.KSeFNumber), State: string(r.State),
		Gross: r.Gross.Fixed(2), Currency: r.Currency, SHA256: fmt.Sprintf("%x", r.SHA256),
	}
	if err := d.checkUPO(ctx, a, r, res); err != nil {
		return err
	}
	if err := d.checkProof(ctx, a, r, res); err != nil {
		return err
	}
	if d.json {
		return json.NewEncoder(d.cli.out).Encode(res)
	}
	return d.table(res)
}

// checkUPO verifies the stored receipt against the stored document.
func (d *demo) checkUPO(ctx context.Context, a *app, r *invoicing.Record, res *result) error {
	xml, err := a.service.XML(ctx, r.ID)
	if err != nil {
		return err
	}
	receipt, err := a.service.UPO(ctx, r.ID)
	if err != nil {
		return err
	}
	confirmed, err := upo.Verify(receipt.XML, a.trust)
	if err != nil {
		return no(err)
	}
	// The hash is of the bytes that are about to be written, not of what the
	// record says of them.
	err = confirmed.Check(upo.Expected{
		KSeFNumber: r.KSeFNumber, InvoiceHash: sha256.Sum256(xml), SellerNIP: r.Seller,
		InvoiceNumber: r.Number, SessionReference: receipt.Session,
	})
	if err != nil {
		return no(err)
	}
	res.UPO = "valid: signature, document hash, seller, numbers and session agree"
	for name, data := range map[string][]byte{"invoice.xml": xml, "upo.xml": receipt.XML} {
		if err := d.keep(res, name, data); err != nil {
			return err
		}
	}
	return nil
}

// checkProof verifies the audit proof with the public key alone, as a stranger
// would, and the whole log besides.
func (d *demo) checkProof(ctx context.Context, a *app, r *invoicing.Record, res *result) error {
	text, err := a.proof(ctx, r.LastEventID())
	if err != nil {
		return err
	}
	entry, err := audit.VerifyProofText(text, a.log.VerifierKey())
	if err != nil {
		return no(err)
	}
	res.AuditSeq, res.AuditSize = entry.Seq, a.log.Size()
	res.AuditProof = fmt.Sprintf("valid: %s has sequence number %d in the signed log of %d entries", entry.Type, entry.Seq, res.AuditSize)
	if err := d.keep(res, "audit-proof.txt", text); err != nil {
		return err
	}
	return d.keep(res, "audit-public-key.txt", []byte(a.log.VerifierKey()+"\n"))
}

func (d *demo) keep(res *result, name string, data []byte) error {
	path, err := d.write(name, data)
	if err == nil {
		res.Files = append(res.Files, path)
	}
	return err
}

func (d *demo) table(res *result) error {
	t := tabwriter.NewWriter(d.cli.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t)
	for _, row := range [][2]string{
		{"invoice number", res.Number},
		{"amount due", res.Gross + " " + res.Currency},
		{"KSeF number", res.KSeFNumber},
		{"UPO", res.UPO},
		{"audit proof", res.AuditProof},
		{"files", d.out + string(filepath.Separator)},
	} {
		fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
	}
	for _, f := range res.Files {
		fmt.Fprintf(t, "\t%s\n", filepath.Base(f))
	}
	return t.Flush()
}
