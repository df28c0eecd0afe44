package ksef

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

const continuationHeader = "X-Continuation-Token"

// maxContinuation bounds the opaque token that leads to the next page.
const maxContinuation = 16 << 10

// pages walks a list that is cut in pages by continuation tokens. The error,
// if any, is the last element.
func pages[W, T any](ctx context.Context, a *Account, k call, size int, open func(*W) ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var token string
		for {
			items, next, err := page(ctx, a, k, size, token, open)
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if err == nil && next != "" && (next == token || len(next) > maxContinuation) {
				err = &Error{Op: k.op, Status: http.StatusOK, Err: ErrProtocol} // would go on for ever
			}
			if err != nil {
				yield(none, err)
			}
			if err != nil || next == "" {
				return
			}
			token = next
		}
	}
}

func page[W, T any](ctx context.Context, a *Account, k call, size int, token string, open func(*W) ([]T, string, error)) ([]T, string, error) {
	query := url.Values{"pageSize": {strconv.Itoa(size)}}
	maps.Copy(query, k.query)
	k.query = query
	if token != "" {
		k.header = http.Header{continuationHeader: {token}}
	}
	var w W
	if err := a.json(ctx, k, &w); err != nil {
		return nil, "", err
	}
	return open(&w)
}
