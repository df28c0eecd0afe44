package pack

import (
	"sync"

	"github.com/klauspost/compress/flate"
)

// jobSize is how much plain data is compressed at a time: enough that handing
// it over costs nothing beside, little enough that several fit in memory.
const jobSize = 128 << 10

// job is what one worker compresses in one go.
type job struct {
	plain  []byte
	packed chunks
	items  []item // ZIP: the documents in plain
	block  bool   // plain is a block of a longer stream
	dict   []byte // of a block: what precedes it in the stream
	last   bool   // of a block: the stream ends with it
	done   chan error
}

// pipeline compresses jobs on several cores and hands them on in order. All
// methods belong to one goroutine; only squeeze runs on others.
type pipeline struct {
	squeeze  func(*flate.Writer, *job) error
	emit     func(*job) error
	work     chan *job
	free     []*job
	inFlight []*job // oldest first
	chunks   chunkPool
	workers  sync.WaitGroup
}

// newPipeline starts the workers; close stops them.
func newPipeline(cfg Config, squeeze func(*flate.Writer, *job) error, emit func(*job) error) (*pipeline, error) {
	p := &pipeline{squeeze: squeeze, emit: emit}
	writers := make([]*flate.Writer, cfg.Workers)
	for i := range writers {
		w, err := flate.NewWriter(nil, cfg.Level)
		if err != nil {
			return nil, err
		}
		writers[i] = w
	}
	for range cfg.Workers + 2 {
		p.free = append(p.free, &job{plain: make([]byte, 0, jobSize), packed: chunks{pool: &p.chunks}, done: make(chan error, 1)})
	}
	p.work = make(chan *job, len(p.free))
	for _, w := range writers {
		p.workers.Go(func() {
			for j := range p.work {
				j.done <- p.squeeze(w, j)
			}
		})
	}
	return p, nil
}

func (p *pipeline) close() {
	close(p.work)
	p.workers.Wait()
}

// take returns an empty job, after handing on finished ones where none is left.
func (p *pipeline) take() (*job, error) {
	for len(p.free) == 0 {
		if err := p.drain(); err != nil {
			return nil, err
		}
	}
	j := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	return j, nil
}

func (p *pipeline) submit(j *job) {
	p.inFlight = append(p.inFlight, j)
	p.work <- j // has room for all jobs
}

// drain waits for the oldest job and hands it on.
func (p *pipeline) drain() error {
	j := p.inFlight[0]
	p.inFlight = append(p.inFlight[:0], p.inFlight[1:]...)
	err := <-j.done
	if err == nil {
		err = p.emit(j)
	}
	p.recycle(j)
	return err
}

func (p *pipeline) recycle(j *job) {
	j.packed.reset()
	j.plain, j.items = j.plain[:0], j.items[:0]
	j.block, j.dict, j.last = false, j.dict[:0], false
	p.free = append(p.free, j)
}

// flush hands on everything that is in work.
func (p *pipeline) flush() error {
	for len(p.inFlight) > 0 {
		if err := p.drain(); err != nil {
			return err
		}
	}
	return nil
}

// next submits a block and returns a job for the one that follows it.
func (p *pipeline) next(j *job) (*job, error) {
	n, err := p.take()
	if err != nil {
		return nil, err
	}
	n.dict = append(n.dict, j.plain[len(j.plain)-window:]...)
	n.block = true
	p.submit(j)
	return n, nil
}

// window is how far back deflate can refer.
const window = 32 << 10

// deflateBlock compresses a block so that it continues the stream.
func deflateBlock(w *flate.Writer, j *job) error {
	w.ResetDict(&j.packed, j.dict)
	if _, err := w.Write(j.plain); err != nil {
		return err
	}
	if j.last {
		return w.Close()
	}
	return w.Flush()
}
