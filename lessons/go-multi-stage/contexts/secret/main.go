// Command greeting prints the text beside it.
package main

import (
	"fmt"
	"io/ioutil"
	"log"
)

func main() {
	text, err := ioutil.ReadFile("/app/greeting.txt")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(text))
}
