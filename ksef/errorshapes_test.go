package ksef

import (
	"reflect"
	"testing"
)

// TestErrorShapesAgainstContract accounts for every property of every body that
// reports a failure.
func TestErrorShapesAgainstContract(t *testing.T) {
	api := loadContract(t)
	ours := jsonFields(reflect.TypeFor[wireProblem]())
	for name, typ := range map[string]reflect.Type{
		"BadRequestProblemDetails": nil, "UnauthorizedProblemDetails": nil, "ForbiddenProblemDetails": nil, "GoneProblemDetails": nil,
		"TooManyRequestsProblemDetails": nil, "TooManyRequestsResponse": nil, "ExceptionResponse": nil,
		"ApiError": reflect.TypeFor[wireAPIError](), "ExceptionInfo": reflect.TypeFor[wireException](), "ExceptionDetails": reflect.TypeFor[wireExceptionDetail](),
	} {
		fields := ours
		if typ != nil {
			fields = jsonFields(typ)
		}
		s := api.Components.Schemas[name]
		if s == nil {
			t.Fatalf("the contract has no %s", name)
		}
		for p := range s.Properties {
			if fields[p] == nil {
				t.Errorf("%s.%s is not read", name, p)
			}
		}
	}
}
