package dev.ashlar.bench.report;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReportPiecesTest {
    @Test
    void tableLinesUp() {
        assertThat(Markdown.table(List.of("target", "ops/s"), List.of(List.of("a", "12,390"), List.of("longer", "7"))))
                .isEqualTo("""
                        | target |  ops/s |
                        |:-------|-------:|
                        | a      | 12,390 |
                        | longer |      7 |
                        """);
        assertThatThrownBy(() -> Markdown.table(List.of("a"), List.of(List.of("b", "c"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheMarkedPartOfAPageIsReplaced() {
        String page = "# Benchmarks\n\nBefore.\n\n<!-- x:begin -->\nold\n<!-- x:end -->\n\nAfter.\n";
        assertThat(MarkedPage.replace(page, "x", "new"))
                .isEqualTo("# Benchmarks\n\nBefore.\n\n<!-- x:begin -->\nnew\n<!-- x:end -->\n\nAfter.\n");
        assertThat(MarkedPage.replace("Text.\n", "y", "new"))
                .isEqualTo("Text.\n\n<!-- y:begin -->\nnew\n<!-- y:end -->\n");
    }

    @Test
    void chartIsWellFormedAndTheHighestBarFillsItsPanel() throws Exception {
        String svg = BarChart.svg(
                List.of("a<b", "c"),
                List.of(new BarChart.Panel(
                        "put & get",
                        List.of("1 client", "16 clients"),
                        List.of(List.of(1.0, 2.0), List.of(0.0, 4.0)),
                        1)),
                1);
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        // Background, two in the legend, four bars.
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(7);
        assertThat(svg).contains("put &amp; get", "a&lt;b", "height=\"156.0\"").doesNotContain("NaN");
    }

    @Test
    void chartOfNothingButZeros() {
        String svg =
                BarChart.svg(List.of("a"), List.of(new BarChart.Panel("t", List.of("l"), List.of(List.of(0.0)), 0)), 1);
        assertThat(svg).doesNotContain("NaN", "Infinity");
    }

    @Test
    void numbersAsPeopleReadThem() {
        assertThat(Numbers.whole(12_390.4)).isEqualTo("12,390");
        assertThat(Numbers.ms(1_234_567)).isEqualTo("1.23");
        assertThat(Numbers.ms(39_940_000)).isEqualTo("39.9");
        assertThat(Numbers.times(2.834)).isEqualTo("2.83×");
        assertThat(Numbers.times(Double.NaN)).isEqualTo("–");
    }
}
