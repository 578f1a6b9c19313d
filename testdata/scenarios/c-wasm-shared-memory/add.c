static _Thread_local int calls;

int add(int a, int b) {
  ++calls;
  return a + b;
}
