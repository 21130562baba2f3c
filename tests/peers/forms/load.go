// load KEY FILE…: what Go's crypto/tls loads of each file; a line for each, `ok` or the error.
package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"strings"
)

func main() {
	for _, file := range os.Args[2:] {
		if _, err := tls.LoadX509KeyPair(file, os.Args[1]); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok")
		}
	}
}
