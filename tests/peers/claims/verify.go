// verify CA PURPOSE HOST FILE [TIME]: Go's verdict on the first certificate of FILE; the rest may help.
// Without arguments it reads them from standard input, a line each, and answers with as many lines.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

func certificates(file string) ([]*x509.Certificate, error) {
	rest, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all, nil
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, certificate)
	}
}

func verify(arguments []string) error {
	trusted, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	served, err := certificates(arguments[3])
	if err != nil {
		return err
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	// As every Go program: what it cannot read of these is passed over.
	roots.AppendCertsFromPEM(trusted)
	for _, certificate := range served[1:] {
		intermediates.AddCert(certificate)
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: intermediates}
	if len(arguments) > 4 {
		if options.CurrentTime, err = time.Parse(time.RFC3339, arguments[4]); err != nil {
			return err
		}
	}
	if arguments[1] == "server" {
		options.DNSName = arguments[2]
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	} else {
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	_, err = served[0].Verify(options)
	return err
}

func say(arguments []string) {
	if err := verify(arguments); err != nil {
		fmt.Println(strings.Join(strings.Fields(err.Error()), " "))
	} else {
		fmt.Println("ok")
	}
}

func main() {
	if len(os.Args) > 1 {
		say(os.Args[1:])
		return
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		say(strings.Fields(lines.Text()))
	}
}
