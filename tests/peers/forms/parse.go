// parse FILE…: whether Go's crypto/x509 parses each DER file; a line for each, `ok` or the error.
package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"
)

func main() {
	for _, file := range os.Args[1:] {
		der, err := os.ReadFile(file)
		if err == nil {
			_, err = x509.ParseCertificate(der)
		}
		if err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok")
		}
	}
}
