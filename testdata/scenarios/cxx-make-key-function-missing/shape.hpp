#pragma once

struct Shape {
  virtual double area() const;
  virtual ~Shape() {}
};
