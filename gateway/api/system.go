package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// open marks an operation that needs no key.
func open() []map[string][]string { return []map[string][]string{{}} }

// health is the body of the health operations.
type health struct {
	Body struct {
		Status string `json:"status" enum:"ok" doc:"Always ok; anything else is a problem"`
	}
}

func healthy() *health {
	h := &health{}
	h.Body.Status = "ok"
	return h
}

func (s *server) systemRoutes() {
	huma.Register(s.huma, huma.Operation{
		OperationID: "health-live", Method: http.MethodGet, Path: "/health/live", Security: open(), Tags: []string{"System"},
		Summary: "The process runs", Description: "For the supervisor: restart when it does not answer.",
	}, func(context.Context, *struct{}) (*health, error) { return healthy(), nil })

	huma.Register(s.huma, huma.Operation{
		OperationID: "health-ready", Method: http.MethodGet, Path: "/health/ready", Security: open(), Tags: []string{"System"},
		Summary: "The service can work", Description: "For the load balancer: the database answers. KSeF may be down; issuing goes on and sending waits.",
	}, func(ctx context.Context, _ *struct{}) (*health, error) {
		if s.Ready == nil {
			return healthy(), nil
		}
		if err := s.Ready(ctx); err != nil {
			s.Logger.Error("not ready", "error", err)
			return nil, problemFor(http.StatusServiceUnavailable)
		}
		return healthy(), nil
	})
}
