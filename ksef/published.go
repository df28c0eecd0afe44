package ksef

// PublishedRateLimits are the limits that the ministry publishes for
// production, which the other environments share. They hold until KSeF tells
// those of a context, with [LimitsService.Rates].
func PublishedRateLimits() RateLimits {
	return RateLimits{
		GroupOnlineSession:      {10, 30, 120},
		GroupOnlineSessionClose: {20, 60, 240},
		GroupBatchSession:       {10, 20, 60},
		GroupBatchSessionClose:  {20, 40, 120},
		GroupInvoiceSend:        {10, 30, 180},
		GroupInvoiceStatus:      {30, 120, 1200},
		GroupSessionList:        {5, 10, 60},
		GroupSessionInvoices:    {10, 20, 200},
		GroupSessionMisc:        {10, 120, 1200},
		GroupInvoiceMetadata:    {8, 16, 20},
		GroupInvoiceExport:      {8, 16, 20},
		GroupInvoiceExportState: {10, 60, 600},
		GroupInvoiceDownload:    {8, 16, 64},
		GroupCollective:         {20, 120, 240},
		GroupOther:              {10, 30, 120},
		GroupAnonymous:          {PerSecond: 60},
	}
}

// opening is the group in which closing a session counted before API 2.8.0.
var opening = map[RateGroup]RateGroup{
	GroupOnlineSessionClose: GroupOnlineSession,
	GroupBatchSessionClose:  GroupBatchSession,
}

// countedAs finds the group in which an operation counts and its limit. learnt
// is what KSeF told, nil if nothing yet; what it left out is as published.
func (l RateLimits) countedAs(group RateGroup) (RateGroup, RateLimit, bool) {
	if limit, told := l[group]; told {
		return group, limit, true
	}
	if before, closes := opening[group]; closes {
		if limit, told := l[before]; told {
			return before, limit, true
		}
	}
	limit, known := PublishedRateLimits()[group]
	return group, limit, known
}
