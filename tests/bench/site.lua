-- Makes wrk request the lines of a file in turn, with random pauses of PAUSE_MS on average.
local paths, next_path = {}, 0
local pause = tonumber(os.getenv("PAUSE_MS") or "0")

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
end

function request()
  next_path = next_path % #paths + 1
  local method, path, body = paths[next_path]:match("^(%S+) (%S+) ?(%S*)$")
  if method == "POST" then
    return wrk.format(method, path, {["Content-Type"] = "application/x-www-form-urlencoded"}, body)
  end
  return wrk.format(method, path)
end

if pause > 0 then
  function delay() return math.random(0, 2 * pause) end
end
