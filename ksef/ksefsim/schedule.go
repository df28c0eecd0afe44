package ksefsim

import (
	"container/heap"
	"sync/atomic"
	"time"
)

// agenda is what is still to happen by itself, in order of time and, at one
// time, in order of entry. It is guarded by the lock of the state.
type agenda struct {
	tasks taskHeap
	count uint64
	next  atomic.Int64 // when the first is due, in nanoseconds; 0 when there is none
}

type task struct {
	due   time.Time
	order uint64
	run   func(st *state, due time.Time) error
}

// add enters a task. Tasks look at the state when they run and do nothing when
// somebody else has done their work.
func (a *agenda) add(due time.Time, run func(st *state, due time.Time) error) {
	a.count++
	heap.Push(&a.tasks, task{due, a.count, run})
	a.note()
}

func (a *agenda) note() {
	if len(a.tasks) == 0 {
		a.next.Store(0)
		return
	}
	a.next.Store(a.tasks[0].due.UnixNano())
}

// pending reports whether a task is due. It needs no lock.
func (a *agenda) pending(now time.Time) bool {
	next := a.next.Load()
	return next != 0 && next <= now.UnixNano()
}

// advance runs what is due. The caller holds the lock.
func (st *state) advance(now time.Time) error {
	for st.agenda.pending(now) {
		t := heap.Pop(&st.agenda.tasks).(task)
		st.agenda.note()
		if err := t.run(st, t.due); err != nil {
			return err
		}
	}
	return nil
}

// catchUp runs what is due, taking the lock only when there is something.
func (st *state) catchUp(now time.Time) error {
	if !st.agenda.pending(now) {
		return nil
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.advance(now)
}

type taskHeap []task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	if !h[i].due.Equal(h[j].due) {
		return h[i].due.Before(h[j].due)
	}
	return h[i].order < h[j].order
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)   { *h = append(*h, x.(task)) }
func (h *taskHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = task{}
	*h = old[:len(old)-1]
	return last
}
