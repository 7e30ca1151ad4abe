/* Makes the engine a module, so that it is built and found like any other. Its functions are called through ctypes. */
#define Py_LIMITED_API 0x030A0000
#include <Python.h>

#include "count.c"
#include "train.c"
#include "glove.c"

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_engine", "The compiled engine; see __init__.py.", -1,
                                    NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__engine(void) { return PyModule_Create(&module); }
