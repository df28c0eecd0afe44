package store

// Wrap lets the tests show errors of databases that they cannot start.
var Wrap = wrap
