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
func pages[W, T any](ctx context.Context, c caller, k call, size int, open func(*W) ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var token string
		for {
			items, next, err := page(ctx, c, k, size, token, open)
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

func page[W, T any](ctx context.Context, c caller, k call, size int, token string, open func(*W) ([]T, string, error)) ([]T, string, error) {
	k = k.paged("pageSize", strconv.Itoa(size))
	if token != "" {
		k.header = http.Header{continuationHeader: {token}}
	}
	var w W
	if err := c.json(ctx, k, &w); err != nil {
		return nil, "", err
	}
	return open(&w)
}

// numbered walks a list that is cut in pages by number, from page 0 until one
// says that it is the last. The error, if any, is the last element.
func numbered[W, T any](ctx context.Context, c caller, k call, size int, open func(*W) (items []T, more bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for offset := 0; ; offset++ {
			w, err := ask[W](ctx, c, k.paged("pageOffset", strconv.Itoa(offset)).paged("pageSize", strconv.Itoa(size)))
			if err != nil {
				yield(none, err)
				return
			}
			items, more := open(w)
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if more && len(items) == 0 {
				yield(none, &Error{Op: k.op, Status: http.StatusOK, Err: ErrProtocol}) // would go on for ever
			}
			if !more || len(items) == 0 {
				return
			}
		}
	}
}

// paged adds a parameter to the query, of which every page has its own copy.
func (k call) paged(name, value string) call {
	query := url.Values{name: {value}}
	maps.Copy(query, k.query)
	k.query = query
	return k
}

// broken is a sequence of nothing but an error.
func broken[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}
