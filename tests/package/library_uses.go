// Prints each symbol of the standard library that the packages in the named folders use, tests left out:
// net/http.ListenAndServe, net/http.Server.Shutdown (a method), net/http.Server.Handler (a field).
//
// Files are chosen, and the language is read, as Go 1.11 on Linux would do it.
package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const minor = 11

func main() {
	log.SetFlags(0)
	found := map[string]bool{}
	fileSet := token.NewFileSet()
	// From source: it needs no compiled packages, which toolchains have not shipped since Go 1.20.
	library := importer.ForCompiler(fileSet, "source", nil)
	for _, folder := range os.Args[1:] {
		if err := uses(fileSet, library, folder, found); err != nil {
			log.Fatalf("%s: %v", folder, err)
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Println(strings.Join(names, "\n"))
}

func uses(fileSet *token.FileSet, library types.Importer, folder string, found map[string]bool) error {
	if err := os.Chdir(folder); err != nil { // The importer finds modules from where it stands.
		return err
	}
	context := build.Default
	context.GOOS, context.CgoEnabled, context.ReleaseTags = "linux", false, nil
	for version := 1; version <= minor; version++ {
		context.ReleaseTags = append(context.ReleaseTags, fmt.Sprintf("go1.%d", version))
	}
	chosen, err := context.ImportDir(folder, 0)
	if err != nil {
		return err
	}
	var files []*ast.File
	for _, name := range chosen.GoFiles {
		file, err := parser.ParseFile(fileSet, filepath.Join(folder, name), nil, 0)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: library, GoVersion: fmt.Sprintf("go1.%d", minor)}
	if _, err := config.Check(chosen.Name, fileSet, files, info); err != nil {
		return err
	}
	for _, object := range info.Uses {
		if name := qualified(object); name != "" {
			found[name] = true
		}
	}
	return nil
}

// qualified is the full name of an exported symbol of the standard library, and empty for everything else.
func qualified(object types.Object) string {
	home := object.Pkg()
	if home == nil || !object.Exported() || !isLibrary(home.Path()) {
		return ""
	}
	owner := ""
	switch object := object.(type) {
	case *types.Func:
		if receiver := object.Type().(*types.Signature).Recv(); receiver != nil {
			owner = typeName(receiver.Type())
		}
	case *types.Var:
		if object.IsField() {
			owner = structOf(home, object)
		}
	}
	if owner != "" {
		owner += "."
	}
	return home.Path() + "." + owner + object.Name()
}

func isLibrary(path string) bool {
	first := strings.SplitN(path, "/", 2)[0]
	return first != "main" && first != "websocket" && !strings.Contains(first, ".")
}

func typeName(of types.Type) string {
	if pointer, ok := of.(*types.Pointer); ok {
		of = pointer.Elem()
	}
	if named, ok := of.(*types.Named); ok {
		return named.Obj().Name()
	}
	return "?"
}

// structOf is the name of the type of a package that has this very field.
func structOf(home *types.Package, field *types.Var) string {
	for _, name := range home.Scope().Names() {
		if fields, ok := home.Scope().Lookup(name).Type().Underlying().(*types.Struct); ok {
			for at := 0; at < fields.NumFields(); at++ {
				if fields.Field(at) == field {
					return name
				}
			}
		}
	}
	return "?"
}
