package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/caarlos0/env/v11"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// Config is the gateway's whole configuration. With nothing set it is a
// sandbox on loopback: embedded database, simulated KSeF, data in ./data.
type Config struct {
	// Addr is the listen address of the API.
	Addr string `env:"FAKTUPRO_ADDR" envDefault:"127.0.0.1:8080"`
	// DataDir holds the database, the audit log, and the sandbox's state.
	DataDir string `env:"FAKTUPRO_DATA" envDefault:"./data"`
	// KSeF says which system invoices go to and who logs in.
	KSeF KSeFConfig `envPrefix:"FAKTUPRO_KSEF_"`
}

// KSeFConfig chooses the environment and the credential. Secrets are read from
// files, so that they never stand in the environment of the process.
type KSeFConfig struct {
	// Environment is sandbox, test, demo or production.
	Environment string `env:"ENVIRONMENT" envDefault:"sandbox"`
	// NIP is the taxpayer in whose context the gateway logs in.
	NIP string `env:"NIP"`
	// CertificateFile and KeyFile are the PEM files of the XAdES login.
	CertificateFile string `env:"CERTIFICATE_FILE"`
	KeyFile         string `env:"KEY_FILE"`
	// TokenFile holds a KSeF token; used when no certificate is given.
	TokenFile string `env:"TOKEN_FILE"`
	// UPOTrustFile holds the PEM certificates that may sign a UPO. Required
	// outside the sandbox: an unchecked signature is no proof of receipt.
	UPOTrustFile string `env:"UPO_TRUST_FILE"`
}

// LoadConfig reads the configuration from the environment and checks it.
func LoadConfig() (Config, error) {
	cfg, err := env.ParseAs[Config]()
	if err != nil {
		return Config{}, usage(fmt.Errorf("configuration: %w", err))
	}
	if err := cfg.check(); err != nil {
		return Config{}, usage(fmt.Errorf("configuration: %w", err))
	}
	return cfg, nil
}

// check reports every fault at once.
func (c Config) check() error {
	if c.KSeF.Sandbox() {
		return nil
	}
	var errs []error
	if _, err := c.KSeF.environment(); err != nil {
		errs = append(errs, err)
	}
	if _, err := pl.ParseNIP(c.KSeF.NIP); err != nil {
		errs = append(errs, fmt.Errorf("FAKTUPRO_KSEF_NIP: %w", err))
	}
	switch {
	case c.KSeF.CertificateFile != "" && c.KSeF.KeyFile != "":
	case c.KSeF.CertificateFile == "" && c.KSeF.KeyFile == "" && c.KSeF.TokenFile != "":
	default:
		errs = append(errs, errors.New("set FAKTUPRO_KSEF_CERTIFICATE_FILE and FAKTUPRO_KSEF_KEY_FILE, or FAKTUPRO_KSEF_TOKEN_FILE"))
	}
	if c.KSeF.UPOTrustFile == "" {
		errs = append(errs, errors.New("set FAKTUPRO_KSEF_UPO_TRUST_FILE to the certificates that sign the UPO"))
	}
	return errors.Join(errs...)
}

// Sandbox reports whether invoices go to the built-in simulator.
func (k KSeFConfig) Sandbox() bool { return k.Environment == "sandbox" }

func (k KSeFConfig) environment() (ksef.Environment, error) {
	switch k.Environment {
	case "test":
		return ksef.Test(), nil
	case "demo":
		return ksef.Demo(), nil
	case "production":
		return ksef.Production(), nil
	}
	return ksef.Environment{}, fmt.Errorf("FAKTUPRO_KSEF_ENVIRONMENT is %q: use sandbox, test, demo or production", k.Environment)
}

// print writes the effective configuration. Nothing in it is secret: secrets
// are named by file.
func (c Config) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"FAKTUPRO_ADDR", c.Addr},
		{"FAKTUPRO_DATA", c.DataDir},
		{"FAKTUPRO_KSEF_ENVIRONMENT", c.KSeF.Environment},
		{"FAKTUPRO_KSEF_NIP", c.KSeF.NIP},
		{"FAKTUPRO_KSEF_CERTIFICATE_FILE", c.KSeF.CertificateFile},
		{"FAKTUPRO_KSEF_KEY_FILE", c.KSeF.KeyFile},
		{"FAKTUPRO_KSEF_TOKEN_FILE", c.KSeF.TokenFile},
		{"FAKTUPRO_KSEF_UPO_TRUST_FILE", c.KSeF.UPOTrustFile},
	} {
		fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
	}
	return t.Flush()
}

// readSecret reads a small secret file and refuses one that others may read.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s may be read by others: chmod 600 it", path)
	}
	if info.Size() > 64<<10 {
		return nil, fmt.Errorf("%s is too large for a key or a token", path)
	}
	return os.ReadFile(path)
}
