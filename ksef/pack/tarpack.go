package pack

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"hash/crc32"
)

// tarPacker writes a gzip of a tar. The stream is cut into jobs of one size
// which are compressed at the same time, every one with the end of the former
// as its dictionary, and come out as one single stream: any gunzip reads it.
type tarPacker struct {
	b    *builder
	p    *pipeline
	job  *job
	tar  *tar.Writer
	out  *bufio.Writer
	crc  uint32
	size uint32 // of the plain stream, modulo 2^32 as gzip wants it
}

// gzipHeader: deflate, no name, no time, unknown system.
const gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

func newTarPacker(b *builder) (*tarPacker, error) {
	t := &tarPacker{b: b, out: bufio.NewWriterSize(b.parts, cryptChunk)}
	t.tar = tar.NewWriter(t)
	var err error
	if t.p, err = newPipeline(b.cfg, deflateBlock, t.emit); err != nil {
		return nil, err
	}
	if t.job, err = t.p.take(); err == nil {
		_, err = t.out.WriteString(gzipHeader)
	}
	return t, err
}

func (t *tarPacker) close() { t.p.close() }

func (t *tarPacker) add(_ int, name string, content []byte) error {
	h := tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Mode: 0o644}
	if err := t.tar.WriteHeader(&h); err != nil {
		return err
	}
	if _, err := t.tar.Write(content); err != nil {
		return err
	}
	t.b.list.packed(name, len(content), sha256.Sum256(content))
	return nil
}

// Write takes more of the tar stream.
func (t *tarPacker) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if len(t.job.plain) == cap(t.job.plain) {
			if err := t.nextBlock(); err != nil {
				return 0, err
			}
		}
		n := min(len(rest), cap(t.job.plain)-len(t.job.plain))
		t.job.plain = append(t.job.plain, rest[:n]...)
		rest = rest[n:]
	}
	return len(p), nil
}

func (t *tarPacker) nextBlock() error {
	t.count()
	var err error
	t.job, err = t.p.next(t.job)
	return err
}

// count adds the block to the sums of the gzip.
func (t *tarPacker) count() {
	t.crc = crc32.Update(t.crc, crc32.IEEETable, t.job.plain)
	t.size += uint32(len(t.job.plain))
}

func (t *tarPacker) emit(j *job) error {
	if err := j.packed.send(t.out, 0, j.packed.size); err != nil {
		return err
	}
	t.b.progress()
	return nil
}

func (t *tarPacker) finish() error {
	if err := t.tar.Close(); err != nil {
		return err
	}
	t.count()
	t.job.last = true
	t.p.submit(t.job)
	if err := t.p.flush(); err != nil {
		return err
	}
	trailer := le.AppendUint32(le.AppendUint32(nil, t.crc), t.size)
	if _, err := t.out.Write(trailer); err != nil {
		return err
	}
	return t.out.Flush()
}
