int units_to_metres(int miles) { return miles * 16093 / 10; }
