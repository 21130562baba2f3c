// verify CA PURPOSE HOST FILE: Go's verdict on the first certificate of FILE; the rest may help.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
)

func certificates(file string) []*x509.Certificate {
	rest, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			fail(err)
		}
		all = append(all, certificate)
	}
}

func fail(err error) {
	fmt.Println(err)
	os.Exit(0)
}

func main() {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, certificate := range certificates(os.Args[1]) {
		roots.AddCert(certificate)
	}
	served := certificates(os.Args[4])
	for _, certificate := range served[1:] {
		intermediates.AddCert(certificate)
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: intermediates}
	if os.Args[2] == "server" {
		options.DNSName = os.Args[3]
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	} else {
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if _, err := served[0].Verify(options); err != nil {
		fail(err)
	}
	fmt.Println("ok")
}
