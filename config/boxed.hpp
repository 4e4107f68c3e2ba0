#pragma once

#include <memory>
#include <utility>

namespace corunner::config {

// A value that may be absent and costs a pointer when it is: std::optional for large structs that
// few have. Copies are deep.
template <class T>
class boxed {
 public:
  boxed() = default;
  boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
  boxed(boxed const& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  boxed(boxed&&) noexcept = default;
  boxed& operator=(boxed const& other) { return *this = boxed(other); }
  boxed& operator=(boxed&&) noexcept = default;

  bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *value_; }
  T const& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  T const* operator->() const { return value_.get(); }

  T& emplace() {
    value_ = std::make_unique<T>();
    return *value_;
  }
  // The value, or an empty one where there is none.
  T const& or_empty() const {
    static T const nothing{};
    return value_ ? *value_ : nothing;
  }
  // The value, which is made now if there is none.
  T& or_emplace() { return value_ ? *value_ : emplace(); }
  void reset() { value_.reset(); }

  friend bool operator==(boxed const& left, boxed const& right) {
    return left && right ? *left == *right : left.has_value() == right.has_value();
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace corunner::config
