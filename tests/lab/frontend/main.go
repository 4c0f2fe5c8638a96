// A BuildKit frontend for a `# syntax=` line. It hands the build to the frontend that the daemon has built in.
//
// The daemon starts it in a container and serves gRPC on its stdin and stdout. The lab reaches no registry that has the
// real docker/dockerfile; this one takes the same way: pulled, started, asked, answered.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// Field numbers of moby/buildkit, frontend/gateway/pb/gateway.proto.
const (
	bridge              = "http://daemon/moby.buildkit.v1.frontend.LLBBridge/"
	solveFrontend       = 2
	solveFrontendOpt    = 3
	solveAllowResult    = 5
	solveAllowArrayRef  = 6
	solveResponseResult = 3
	returnResult        = 1
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "frontend:", err)
		os.Exit(1)
	}
}

func run() error {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	daemon := &http.Client{Transport: &http.Transport{
		Protocols:   protocols,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return stdio{}, nil },
	}}
	fmt.Fprintln(os.Stderr, "the lab's frontend is at work")
	solved, err := call(daemon, "Solve", solveRequest())
	if err != nil {
		return err
	}
	_, err = call(daemon, "Return", field(returnResult, fieldOf(solved, solveResponseResult)))
	return err
}

func solveRequest() []byte {
	request := field(solveFrontend, []byte("dockerfile.v0"))
	for _, variable := range os.Environ() {
		if value, ok := strings.CutPrefix(variable, "BUILDKIT_FRONTEND_OPT_"); ok {
			// The number, then the option: 0=filename=Dockerfile.
			_, option, _ := strings.Cut(value, "=")
			name, setting, _ := strings.Cut(option, "=")
			entry := append(field(1, []byte(name)), field(2, []byte(setting))...)
			request = append(request, field(solveFrontendOpt, entry)...)
		}
	}
	for _, flag := range []int{solveAllowResult, solveAllowArrayRef} {
		request = binary.AppendUvarint(request, uint64(flag)<<3)
		request = append(request, 1)
	}
	return request
}

// call makes one gRPC call and returns its message.
func call(daemon *http.Client, method string, message []byte) ([]byte, error) {
	body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	request, err := http.NewRequest(http.MethodPost, bridge+method, bytes.NewReader(append(body, message...)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("TE", "trailers")
	response, err := daemon.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	status, words := response.Trailer.Get("grpc-status"), response.Trailer.Get("grpc-message")
	if status == "" {
		status, words = response.Header.Get("grpc-status"), response.Header.Get("grpc-message")
	}
	if status != "0" {
		return nil, fmt.Errorf("%s: %s (status %s)", method, words, status)
	}
	return answer[min(5, len(answer)):], nil
}

// field is a protobuf field of bytes.
func field(number int, value []byte) []byte {
	head := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3|2), uint64(len(value)))
	return append(head, value...)
}

// fieldOf finds a field of bytes in a message.
func fieldOf(message []byte, wanted int) []byte {
	for len(message) > 0 {
		key, size := binary.Uvarint(message)
		message = message[size:]
		value, size := binary.Uvarint(message)
		message = message[size:]
		if key&7 == 2 {
			if int(key>>3) == wanted {
				return message[:value]
			}
			message = message[value:]
		}
	}
	return nil
}

// stdio is the connection to the daemon.
type stdio struct{}

func (stdio) Read(p []byte) (int, error)       { return os.Stdin.Read(p) }
func (stdio) Write(p []byte) (int, error)      { return os.Stdout.Write(p) }
func (stdio) Close() error                     { return os.Stdin.Close() }
func (stdio) LocalAddr() net.Addr              { return &net.UnixAddr{Net: "unix"} }
func (stdio) RemoteAddr() net.Addr             { return &net.UnixAddr{Net: "unix"} }
func (stdio) SetDeadline(time.Time) error      { return nil }
func (stdio) SetReadDeadline(time.Time) error  { return nil }
func (stdio) SetWriteDeadline(time.Time) error { return nil }
