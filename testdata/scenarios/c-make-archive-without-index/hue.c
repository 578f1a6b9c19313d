int hue(int index) { return index * 60; }
