// Command version tells which version it was built as.
package main

import "fmt"

// version is set by the linker.
var version string

func main() {
	fmt.Printf("version %s.\n", version)
}
