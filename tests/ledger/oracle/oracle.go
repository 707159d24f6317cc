// Go's own transparency log code as a second opinion: one JSON request a line on standard input, one answer a line.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Op    string
	Key   string
	Note  string
	Old   string
	Leaf  string
	Data  string
	Dir   string
	Index int64
	Size  int64
	Proof []string
	Items []int64
}

type answer struct {
	OK     bool
	Why    string
	Origin string
	Size   int64
	Root   string
	Proofs [][]string
}

// The reader of the tiles that lie in a folder under C2SP's paths: Go's have the tile height in them as well.
type folder struct{ dir string }

func (f folder) Height() int                                { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.dir, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err == nil && len(data) != len(hash) {
		err = errors.New("not a hash")
	}
	copy(hash[:], data)
	return hash, err
}

func hashesOf(texts []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, text := range texts {
		hash, err := hashOf(text)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func textsOf(hashes []tlog.Hash) []string {
	texts := []string{}
	for _, hash := range hashes {
		texts = append(texts, hash.String())
	}
	return texts
}

// A signed checkpoint: origin, size, root. tlog.ParseTree takes the Go checksum database's only.
func checkpoint(key, text string) (answer, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return answer{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return answer{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return answer{}, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return answer{}, err
	}
	if _, err := hashOf(lines[2]); err != nil {
		return answer{}, err
	}
	return answer{OK: true, Origin: lines[0], Size: size, Root: lines[2]}, nil
}

func receipt(asked request) (answer, error) {
	head, rest, found := strings.Cut(asked.Data, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return answer{}, errors.New("no tlog-proof")
	}
	leaf, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return answer{}, errors.New("no leaf")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return answer{}, err
	}
	signed, err := checkpoint(asked.Key, rest)
	if err != nil {
		return answer{}, err
	}
	proof, err := hashesOf(lines[3:])
	if err != nil {
		return answer{}, err
	}
	root, _ := hashOf(signed.Root)
	if err := tlog.CheckRecord(proof, signed.Size, root, index, tlog.RecordHash(leaf)); err != nil {
		return answer{}, err
	}
	return signed, nil
}

func consistency(asked request) (answer, error) {
	before, err := checkpoint(asked.Key, asked.Old)
	if err != nil {
		return answer{}, err
	}
	after, err := checkpoint(asked.Key, asked.Note)
	if err != nil {
		return answer{}, err
	}
	proof, err := hashesOf(asked.Proof)
	if err != nil {
		return answer{}, err
	}
	oldRoot, _ := hashOf(before.Root)
	newRoot, _ := hashOf(after.Root)
	return after, tlog.CheckTree(proof, after.Size, newRoot, before.Size, oldRoot)
}

// Proofs made from the tiles of a folder.
func tiles(asked request) (answer, error) {
	signed, err := checkpoint(asked.Key, asked.Note)
	if err != nil {
		return answer{}, err
	}
	root, _ := hashOf(signed.Root)
	reader := tlog.TileHashReader(tlog.Tree{N: signed.Size, Hash: root}, folder{asked.Dir})
	for _, index := range asked.Items {
		proof, err := tlog.ProveRecord(signed.Size, index, reader)
		if err != nil {
			return answer{}, err
		}
		// Some versions of the reader do not hold every tile against its parent, so the proof is checked as well.
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return answer{}, err
		}
		if err := tlog.CheckRecord(proof, signed.Size, root, index, leaf[0]); err != nil {
			return answer{}, err
		}
		signed.Proofs = append(signed.Proofs, textsOf(proof))
	}
	return signed, nil
}

// The root of a whole log and a proof for each asked item, made by Go from the leaf hashes alone.
func grow(asked request) (answer, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for number := int64(0); number < asked.Size; number++ {
		more, err := tlog.StoredHashes(number, []byte(strconv.FormatInt(number, 10)), reader)
		if err != nil {
			return answer{}, err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(asked.Size, reader)
	if err != nil {
		return answer{}, err
	}
	made := answer{OK: true, Size: asked.Size, Root: root.String()}
	for _, item := range asked.Items {
		record, err := tlog.ProveRecord(asked.Size, item, reader)
		if err != nil {
			return answer{}, err
		}
		tree, err := tlog.ProveTree(asked.Size, item+1, reader)
		if err != nil {
			return answer{}, err
		}
		made.Proofs = append(made.Proofs, textsOf(record), textsOf(tree))
	}
	return made, nil
}

func sign(asked request) (answer, error) {
	signer, err := note.NewSigner(asked.Key)
	if err != nil {
		return answer{}, err
	}
	signed, err := note.Sign(&note.Note{Text: asked.Data}, signer)
	return answer{OK: true, Root: string(signed)}, err
}

func serve(asked request) (answer, error) {
	switch asked.Op {
	case "checkpoint":
		return checkpoint(asked.Key, asked.Note)
	case "receipt":
		return receipt(asked)
	case "consistency":
		return consistency(asked)
	case "tiles":
		return tiles(asked)
	case "grow":
		return grow(asked)
	case "sign":
		return sign(asked)
	}
	return answer{}, errors.New("no such request")
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		made := answer{}
		err := json.Unmarshal(lines.Bytes(), &asked)
		if err == nil {
			made, err = serve(asked)
		}
		if err != nil {
			made = answer{Why: err.Error()}
		}
		out.Encode(made)
	}
}
