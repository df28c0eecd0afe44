package qr

// SideBySide is sideBySide, whose padding shows only in one signature of 128.
var SideBySide = sideBySide
