int widget_area(int width, int height) { return width * height; }
