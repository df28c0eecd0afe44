package pack

import (
	"bufio"
	"crypto/sha256"
	"hash/crc32"

	"github.com/klauspost/compress/flate"
)

// item is one document in a job.
type item struct {
	name   string
	end    int // of the document in plain
	packed int // end of the compressed document in packed
	crc    uint32
	sha    Hash
}

// zipPacker writes a ZIP archive. Sizes and sums are known before an entry is
// written, so there are no data descriptors; dates are the first that the
// format knows. The central directory is kept as the bytes that it will be.
type zipPacker struct {
	b         *builder
	p         *pipeline
	job       *job
	out       *bufio.Writer
	offset    int64
	directory []byte
	entries   int
	local     []byte   // scratch
	blocks    []chunks // of the large document that is being written
}

func newZipPacker(b *builder) (*zipPacker, error) {
	z := &zipPacker{b: b, out: bufio.NewWriterSize(b.parts, cryptChunk)}
	var err error
	if z.p, err = newPipeline(b.cfg, deflateJob, z.emit); err != nil {
		return nil, err
	}
	z.job, err = z.p.take()
	return z, err
}

func (z *zipPacker) close() { z.p.close() }

func (z *zipPacker) add(_ int, name string, content []byte) error {
	if len(content) > cap(z.job.plain)-len(z.job.plain) {
		if err := z.nextJob(); err != nil {
			return err
		}
	}
	if len(content) > cap(z.job.plain) {
		return z.addLarge(name, content)
	}
	z.job.plain = append(z.job.plain, content...)
	z.job.items = append(z.job.items, item{name: name, end: len(z.job.plain)})
	return nil
}

// addLarge compresses the blocks of one document at the same time, into one
// stream.
func (z *zipPacker) addLarge(name string, content []byte) error {
	whole := item{name: name, end: len(content), crc: crc32.ChecksumIEEE(content), sha: sha256.Sum256(content)}
	for z.job.block = true; ; {
		n := min(len(content), cap(z.job.plain))
		z.job.plain = append(z.job.plain, content[:n]...)
		if content = content[n:]; len(content) == 0 {
			break
		}
		var err error
		if z.job, err = z.p.next(z.job); err != nil {
			return err
		}
	}
	z.job.items, z.job.last = append(z.job.items, whole), true
	return z.nextJob()
}

func (z *zipPacker) nextJob() error {
	if len(z.job.items) == 0 {
		return nil
	}
	z.p.submit(z.job)
	var err error
	z.job, err = z.p.take()
	return err
}

// deflateJob compresses the documents of a job one by one.
func deflateJob(w *flate.Writer, j *job) error {
	if j.block {
		return deflateBlock(w, j)
	}
	start := 0
	for i := range j.items {
		it := &j.items[i]
		doc := j.plain[start:it.end]
		start = it.end
		it.sha, it.crc = sha256.Sum256(doc), crc32.ChecksumIEEE(doc)
		w.ResetDict(&j.packed, nil) // Reset would keep the dictionary of a block before
		if _, err := w.Write(doc); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		it.packed = j.packed.size
	}
	return nil
}

// emit writes the entries of a finished job.
func (z *zipPacker) emit(j *job) error {
	defer z.b.progress()
	if j.block {
		return z.emitBlock(j)
	}
	plain, packed := 0, 0
	for i := range j.items {
		it := &j.items[i]
		if err := z.header(it, it.end-plain, it.packed-packed); err != nil {
			return err
		}
		if err := j.packed.send(z.out, packed, it.packed); err != nil {
			return err
		}
		plain, packed = it.end, it.packed
	}
	return nil
}

// emitBlock keeps the blocks of a large document until its size is known.
func (z *zipPacker) emitBlock(j *job) error {
	z.blocks = append(z.blocks, j.packed)
	j.packed = chunks{pool: j.packed.pool}
	if !j.last {
		return nil
	}
	packed := 0
	for _, b := range z.blocks {
		packed += b.size
	}
	if err := z.header(&j.items[0], j.items[0].end, packed); err != nil {
		return err
	}
	for i := range z.blocks {
		b := &z.blocks[i]
		if err := b.send(z.out, 0, b.size); err != nil {
			return err
		}
		b.reset()
	}
	z.blocks = z.blocks[:0]
	return nil
}

// header begins an entry of size bytes, of which packed bytes follow.
func (z *zipPacker) header(it *item, size, packed int) error {
	h := entryHeader{name: it.name, crc: it.crc, size: int64(size), packed: int64(packed), offset: z.offset}
	z.directory = h.appendDirectory(z.directory)
	z.entries++
	z.b.list.packed(it.name, size, it.sha)
	z.local = h.appendLocal(z.local[:0])
	z.offset += int64(len(z.local)) + h.packed
	_, err := z.out.Write(z.local)
	return err
}

func (z *zipPacker) finish() error {
	if err := z.nextJob(); err != nil {
		return err
	}
	if err := z.p.flush(); err != nil {
		return err
	}
	end := appendEnd(nil, int64(z.entries), int64(len(z.directory)), z.offset)
	for _, b := range [][]byte{z.directory, end} {
		if _, err := z.out.Write(b); err != nil {
			return err
		}
	}
	return z.out.Flush()
}

// entryHeader is what a ZIP file says about an entry, twice.
type entryHeader struct {
	name         string
	crc          uint32
	size, packed int64
	offset       int64
}

func (h *entryHeader) flags() uint16 {
	for i := range len(h.name) {
		if h.name[i] >= 0x80 {
			return flagUTF8
		}
	}
	return 0
}

const (
	zipVersion   = 20
	zip64Version = 45
	madeOnUnix   = 3 << 8
	firstDate    = 1<<5 | 1       // 1 January 1980
	fileMode     = 0o100644 << 16 // a regular file in the Unix part of the attributes
)

// appendCommon writes what both headers share, from the version on. Documents
// are smaller than 4 GiB.
func (h *entryHeader) appendCommon(b []byte, version uint16) []byte {
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, h.flags())
	b = le.AppendUint16(b, methodDeflate)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, firstDate)
	b = le.AppendUint32(b, h.crc)
	b = le.AppendUint32(b, uint32(h.packed))
	b = le.AppendUint32(b, uint32(h.size))
	return le.AppendUint16(b, uint16(len(h.name)))
}

func (h *entryHeader) appendLocal(b []byte) []byte {
	b = le.AppendUint32(b, localSignature)
	b = h.appendCommon(b, zipVersion)
	b = le.AppendUint16(b, 0)
	return append(b, h.name...)
}

// appendDirectory needs ZIP64 for the offset alone.
func (h *entryHeader) appendDirectory(b []byte) []byte {
	version, offset, extra := uint16(zipVersion), uint32(full32), 12
	if h.offset < full32 {
		offset, extra = uint32(h.offset), 0
	} else {
		version = zip64Version
	}
	b = le.AppendUint32(b, directorySignature)
	b = le.AppendUint16(b, madeOnUnix|version)
	b = h.appendCommon(b, version)
	b = le.AppendUint16(b, uint16(extra))
	b = append(b, 0, 0, 0, 0, 0, 0) // no comment, first disk, no internal attributes
	b = le.AppendUint32(b, fileMode)
	b = le.AppendUint32(b, offset)
	b = append(b, h.name...)
	if extra > 0 {
		b = le.AppendUint16(b, zip64Extra)
		b = le.AppendUint16(b, 8)
		b = le.AppendUint64(b, uint64(h.offset))
	}
	return b
}

// appendEnd writes what follows the central directory.
func appendEnd(b []byte, entries, size, start int64) []byte {
	if entries >= full16 || size >= full32 || start >= full32 {
		b = appendEnd64(b, entries, size, start)
	}
	b = le.AppendUint32(b, endSignature)
	b = append(b, 0, 0, 0, 0) // one disk
	n := uint16(min(entries, full16))
	b = le.AppendUint16(b, n)
	b = le.AppendUint16(b, n)
	b = le.AppendUint32(b, uint32(min(size, full32)))
	b = le.AppendUint32(b, uint32(min(start, full32)))
	return append(b, 0, 0) // no comment
}

func appendEnd64(b []byte, entries, size, start int64) []byte {
	b = le.AppendUint32(b, end64Signature)
	b = le.AppendUint64(b, end64Len-12)
	b = le.AppendUint16(b, madeOnUnix|zip64Version)
	b = le.AppendUint16(b, zip64Version)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0) // one disk
	b = le.AppendUint64(b, uint64(entries))
	b = le.AppendUint64(b, uint64(entries))
	b = le.AppendUint64(b, uint64(size))
	b = le.AppendUint64(b, uint64(start))
	b = le.AppendUint32(b, locator64Signature)
	b = append(b, 0, 0, 0, 0)
	b = le.AppendUint64(b, uint64(start+size))
	return le.AppendUint32(b, 1)
}
