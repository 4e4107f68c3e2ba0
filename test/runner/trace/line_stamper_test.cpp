#include "runner/trace/line_stamper.hpp"

#include "test/runner/trace/collected.hpp"
#include "test/support/manual_time.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// A stamper whose clock stands at 2026-01-02T03:04:05Z until the test moves it.
struct bench {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  test::collected out;
  line_stamper stamper;

  explicit bench(stream_name stream = {1, 'O'}, bool enabled = true)
      : stamper(enabled, stream, time, out) {}

  std::string write(std::string_view bytes) {
    out.text.clear();
    stamper.put(bytes);
    stamper.end_write();
    return out.text;
  }

  std::string finish() {
    out.text.clear();
    stamper.finish();
    return out.text;
  }
};

std::string const stamp = "2026-01-02T03:04:05.000000Z ";

}  // namespace

TEST_CASE("a trace time has six digits behind the second", "[trace][stamp]") {
  auto const when = net::time_source::wall_time(std::chrono::seconds(1767323045));
  CHECK(trace_time(when) == "2026-01-02T03:04:05.000000Z");
  CHECK(trace_time(when + 1us) == "2026-01-02T03:04:05.000001Z");
  CHECK(trace_time(when + 999999us + 900ns) == "2026-01-02T03:04:05.999999Z");
}

TEST_CASE("every complete line gets a header of 32 bytes", "[trace][stamp]") {
  bench b;
  CHECK(b.write("one\ntwo\r\n\n") ==
        stamp + "01O one\n" + stamp + "01O two\r\n" + stamp + "01O \n");
  CHECK((stamp + "01O ").size() == 32);
  CHECK(b.out.puts.size() == 1);
}

TEST_CASE("a partial line waits and has the time of its first byte", "[trace][stamp]") {
  bench b({0, 'O'});
  CHECK(b.write("be") == "");
  b.time.advance(1s);
  CHECK(b.write("gun") == "");
  b.time.advance(1s);
  CHECK(b.write(" end\nnext\n") ==
        stamp + "00O begun end\n" + "2026-01-02T03:04:07.000000Z 00O next\n");
}

TEST_CASE("a carriage return without a line feed flushes, and the next line continues",
          "[trace][stamp]") {
  bench b({1, 'E'});
  CHECK(b.write("a \r") == stamp + "01E a \r\n");
  CHECK(b.write("b \r") == stamp + "01E+b \r\n");
  CHECK(b.write("Done.\r\n") == stamp + "01E+Done.\r\n");
  CHECK(b.write("new\n") == stamp + "01E new\n");
  CHECK(b.write("buffered") == "");
  CHECK(b.write(" x\ry") == stamp + "01E buffered x\ry\n");
  CHECK(b.write("z\n") == stamp + "01E+z\n");
}

TEST_CASE("section markers and a title make the lines that the server joins", "[trace][stamp]") {
  bench b({0, 'O'});
  CHECK(b.write("section_start:1:foo\r\x1b[0K") == stamp + "00O section_start:1:foo\r\x1b[0K\n");
  CHECK(b.write("\x1b[0Ktitle\x1b[0;m\n") == stamp + "00O+\x1b[0Ktitle\x1b[0;m\n");
}

TEST_CASE("a line of more than 8192 bytes is cut between writes only", "[trace][stamp]") {
  bench b;
  std::string const most(8192 - 32, 'x');
  CHECK(b.write(most) == "");
  CHECK(b.write("y") == stamp + "01O " + most + "y\n");
  CHECK(b.write("z\n") == stamp + "01O+z\n");
  std::string const whole(100'000, 'w');
  CHECK(b.write(whole + "\n") == stamp + "01O " + whole + "\n");
  CHECK(b.write(whole) == stamp + "01O " + whole + "\n");
  CHECK(b.write("+\n") == stamp + "01O++\n");
}

TEST_CASE("the end writes what waits", "[trace][stamp]") {
  bench b({15, 'O'});
  b.write("no feed");
  CHECK(b.finish() == stamp + "0fO no feed\n");
  CHECK(b.finish() == "");
  b.write("x\r");
  b.finish();
  CHECK(b.write("y\n") == stamp + "0fO y\n");
}

TEST_CASE("parts of one write count as one", "[trace][stamp]") {
  bench b;
  b.stamper.put("[MAS");
  b.stamper.put("KED]\r");
  b.stamper.put("end\n");
  b.stamper.end_write();
  CHECK(b.out.text == stamp + "01O [MASKED]\rend\n");
}

TEST_CASE("without timestamps bytes pass as they are", "[trace][stamp]") {
  bench b({1, 'O'}, false);
  CHECK(b.write("a\r") == "a\r");
  CHECK(b.write("b\nc") == "b\nc");
  CHECK(b.finish() == "");
}
