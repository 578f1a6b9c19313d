int zoom_in(int factor) { return factor * 2; }
