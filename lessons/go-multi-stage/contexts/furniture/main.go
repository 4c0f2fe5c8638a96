// Command furniture tells what a base image has that programs like to find.
package main

import (
	"crypto/x509"
	"fmt"
	"io/ioutil"
	"os"
	"os/exec"
	"os/user"
	"time"
)

func main() {
	tell("certificates", hasCertificates())
	tell("time zones", hasZones())
	tell("/tmp", hasTemporaryFolder())
	tell("users", hasUsers())
	tell("shell", hasShell())
}

func tell(what string, there bool) {
	word := "no"
	if there {
		word = "yes"
	}
	fmt.Printf("%s: %s\n", what, word)
}

func hasCertificates() bool {
	pool, err := x509.SystemCertPool()
	return err == nil && len(pool.Subjects()) > 0
}

func hasZones() bool {
	_, err := time.LoadLocation("Europe/Zurich")
	return err == nil
}

func hasTemporaryFolder() bool {
	file, err := ioutil.TempFile("", "")
	if err != nil {
		return false
	}
	defer os.Remove(file.Name())
	return file.Close() == nil
}

func hasUsers() bool {
	_, err := user.Lookup("nobody")
	return err == nil
}

func hasShell() bool {
	_, err := exec.LookPath("sh")
	return err == nil
}
