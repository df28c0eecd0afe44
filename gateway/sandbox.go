package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// sandbox is a running simulator.
type sandbox struct {
	*ksefsim.Server
	URL  string
	http *http.Server
	done chan error
}

// startSandbox serves the simulator on addr. With a directory its state
// survives the process, as the real system's would.
func startSandbox(addr, dir string, now func() time.Time) (*sandbox, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	url := "http://" + l.Addr().String()
	sim, err := ksefsim.New(ksefsim.Config{Now: now, Dir: dir, BaseURL: url})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: %w", err), l.Close())
	}
	s := &sandbox{Server: sim, URL: url, done: make(chan error, 1), http: &http.Server{
		Handler: sim, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
	}}
	go func() { s.done <- s.http.Serve(l) }()
	return s, nil
}

// Close stops the listener and waits for requests under way.
func (s *sandbox) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(s.http.Shutdown(ctx), s.Server.Close())
}

func (c *cli) sandboxCommand() *cobra.Command {
	var addr, dir string
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the simulated KSeF alone; prints one JSON line with its address when ready",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := startSandbox(addr, dir, c.now)
			if err != nil {
				return err
			}
			if err := json.NewEncoder(c.out).Encode(map[string]string{"ksef": s.URL + "/v2"}); err != nil {
				return errors.Join(err, s.Close())
			}
			select {
			case <-cmd.Context().Done():
				return s.Close()
			case err := <-s.done:
				return err
			}
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8090", "listen address")
	cmd.Flags().StringVar(&dir, "state", "", "directory that keeps the state between runs (default: memory)")
	return cmd
}
