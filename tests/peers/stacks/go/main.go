// main.go DIR: Go's crypto/tls, on both ends. It is what Milvus and every other server in Go uses.
//
// DIR holds ca.pem server.pem server.key client.pem client.key, made for localhost, 127.0.0.1 and ::1. One
// line `ok …` or `FAIL …` a check; exit 1 if any failed. Only the standard library.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const wrongUse = "certificate specifies an incompatible key usage"

// Who serves, who connects ("" for a client without a certificate), under which name, who refuses ("" for
// nobody), and why.
var checks = []struct{ what, serving, connecting, name, refuser, reason string }{
	{"client.pem is let in, by localhost", "server", "client", "localhost", "", ""},
	{"client.pem is let in, by 127.0.0.1", "server", "client", "127.0.0.1", "", ""},
	{"client.pem is let in, by ::1", "server", "client", "::1", "", ""},
	{"a client without a certificate is refused", "server", "", "localhost",
		"server", "client didn't provide a certificate"},
	{"server.pem as a client is refused", "server", "server", "localhost", "server", wrongUse},
	{"a wrong name is refused", "server", "client", "wrong.example", "client", "not wrong.example"},
	{"client.pem as a server is refused", "client", "client", "localhost", "client", wrongUse},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: main DIR")
		os.Exit(2)
	}
	failed := false
	for _, check := range checks {
		atServer, atClient := exchange(os.Args[1], check.serving, check.connecting, check.name)
		if wrong := judge(atServer, atClient, check.refuser, check.reason); wrong != nil {
			failed = true
			fmt.Printf("FAIL go: %s: %v\n", check.what, wrong)
		} else {
			fmt.Printf("ok go: %s\n", check.what)
		}
	}
	if failed {
		os.Exit(1)
	}
}

// exchange makes one connection and tells the error at each end.
func exchange(dir, serving, connecting, name string) (atServer, atClient error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err, err
	}
	defer listener.Close()

	served := make(chan error, 1)
	go func() { served <- serve(dir, serving, listener) }()
	atClient = connect(dir, connecting, name, listener.Addr().String())
	listener.Close()
	return <-served, atClient
}

func serve(dir, pair string, listener net.Listener) error {
	config, err := configure(dir, pair)
	if err != nil {
		return err
	}
	end, err := listener.Accept()
	if err != nil {
		return err
	}
	defer end.Close()
	end.SetDeadline(time.Now().Add(5 * time.Second))
	secured := tls.Server(end, config)
	_, err = io.CopyN(secured, secured, 4)
	return err
}

func connect(dir, pair, name, address string) error {
	config, err := configure(dir, pair)
	if err != nil {
		return err
	}
	config.ServerName = name
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	end, err := tls.DialWithDialer(dialer, "tcp", address, config)
	if err != nil {
		return err
	}
	defer end.Close()
	end.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := end.Write([]byte("ping")); err != nil {
		return err
	}
	// In TLS 1.3 a client learns only here that its certificate was refused.
	_, err = io.ReadFull(end, make([]byte, 4))
	return err
}

// configure trusts DIR/ca.pem alone, at both ends.
func configure(dir, pair string) (*tls.Config, error) {
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("ca.pem holds no certificate")
	}
	config := &tls.Config{RootCAs: roots, ClientCAs: roots, ClientAuth: tls.RequireAndVerifyClientCert}
	if pair != "" {
		own, err := tls.LoadX509KeyPair(filepath.Join(dir, pair+".pem"), filepath.Join(dir, pair+".key"))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return config, nil
}

func judge(atServer, atClient error, refuser, reason string) error {
	both := fmt.Errorf("server: %v; client: %v", atServer, atClient)
	if refuser == "" {
		if atServer != nil || atClient != nil {
			return both
		}
		return nil
	}
	if atClient == nil {
		return errors.New("was let in")
	}
	said := atClient
	if refuser == "server" {
		said = atServer
	}
	if said == nil || !strings.Contains(said.Error(), reason) {
		return fmt.Errorf("expected `%s` from the %s: %w", reason, refuser, both)
	}
	return nil
}
