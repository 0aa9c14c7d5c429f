# The picture of a drill's load: a bar for each second with its writes at the first try, at the second, and failed ones below the line;
# numbered marks where something was seen, the text of which stands beneath.

# picture LOG MARKS: lines of the load (e2e/lib/client.sh) and lines `UNIX-TIME TEXT`; prints an SVG
picture() {
  awk '
    function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
    function bar(x, y, height, color) { if (height > 0) printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y, wide, height, color }
    FILENAME == ARGV[2] { at[++marks] = $1; sub(/^[0-9]+ /, ""); text[marks] = length($0) > 130 ? substr($0, 1, 129) "…" : $0; next }
    {
      t = $(NF - 1)
      if (!from || t < from) from = t
      if (t > to) to = t
      if ($2 !~ /^20/) failed[t]++; else if ($NF == 1) retried[t]++; else good[t]++
      if (good[t] + retried[t] > best) best = good[t] + retried[t]
      if (failed[t] > worst) worst = failed[t]
    }
    END {
      if (!best) exit
      left = 40; width = 820; top = 34; high = 120; base = top + high; low = worst ? 24 : 0
      seconds = to - from + 1; step = width / seconds; wide = step > 2 ? step - 1 : step
      for (m = 1; m <= marks; m++) if (at[m] >= from && at[m] <= to) shown++
      printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 880 %d\" font-family=\"system-ui,sans-serif\" font-size=\"11\">\n", base + low + 24 + 15 * shown
      print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
      printf "<text x=\"%d\" y=\"14\" font-weight=\"600\">acknowledged writes in each second</text>\n", left
      printf "<rect x=\"300\" y=\"5\" width=\"10\" height=\"10\" fill=\"#0f766e\"/><text x=\"314\" y=\"14\">at the first try</text>\n"
      printf "<rect x=\"410\" y=\"5\" width=\"10\" height=\"10\" fill=\"#f59e0b\"/><text x=\"424\" y=\"14\">at the second</text>\n"
      printf "<rect x=\"520\" y=\"5\" width=\"10\" height=\"10\" fill=\"#b91c1c\"/><text x=\"534\" y=\"14\">failed</text>\n"
      printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n", left - 6, top + 8, best, left - 6, base
      for (t = from; t <= to; t++) {
        x = left + (t - from) * step
        bar(x, base - high * good[t] / best, high * good[t] / best, "#0f766e")
        bar(x, base - high * (good[t] + retried[t]) / best, high * retried[t] / best, "#f59e0b")
        if (worst) bar(x, base + 1, low * failed[t] / worst, "#b91c1c")
      }
      printf "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#374151\"/>\n", left, left + width, base, base
      printf "<text x=\"%d\" y=\"%d\">0 s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d s</text>\n", left, base + low + 14, left + width, base + low + 14, seconds
      for (m = 1; m <= marks; m++) {
        if (at[m] < from || at[m] > to) continue
        n++
        x = left + (at[m] - from + 0.5) * step
        printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#6b7280\" stroke-dasharray=\"3 3\"/>\n", x, x, top - 4, base
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n", x, top - 7, n
        printf "<text x=\"%d\" y=\"%d\">%d  %s</text>\n", left, base + low + 16 + 15 * n, n, escaped(text[m])
      }
      print "</svg>"
    }' "$1" "$2"
}
