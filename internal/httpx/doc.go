// Package httpx is the one way FaktuPro talks HTTP to other people's servers.
//
//	c := httpx.New(httpx.Config{})
//	resp, err := c.Do(ctx, httpx.Request{Class: httpx.Read, Method: "GET", URL: u})
//
// It adds to net/http what every client of a public authority needs: a
// transport with bounded times and sizes, no redirects, retries that depend on
// the class of the operation, the server's Retry-After obeyed to the second,
// and an answer to the question a failed call leaves behind: did the request
// possibly reach the server?
//
// Errors are [*Failure]. Their text names the kind of failure and never an
// address with its path or query, a header or a body.
//
// A Client is safe for concurrent use.
package httpx
