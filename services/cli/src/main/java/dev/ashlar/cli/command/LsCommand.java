package dev.ashlar.cli.command;

import java.io.PrintStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.Table;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.http.ApiClient;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;

/** {@code ashlar ls}: keys in order, page by page, so that memory is bounded by a page. */
@Command(
        name = "ls",
        header = "List keys in order, over all shards.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar ls app/                               everything below app/",
            "  ashlar ls --from b --to d --limit 20         keys from b (included) to d (not included)",
            "  ashlar ls --keys-only --reverse",
            "  ashlar ls app/ -o json | jq -r .key          one object per line, values in base64",
        })
public final class LsCommand implements Callable<Integer> {
    private static final int PAGE_ITEMS = 500;

    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", description = "Only keys that start with it.")
    private String prefix;

    @Option(names = "--limit", paramLabel = "N", description = "At most N keys. Default: all.")
    private Long limit;

    @Option(names = "--from", paramLabel = "KEY", description = "Start at this key.")
    private String from;

    @Option(names = "--to", paramLabel = "KEY", description = "Stop before this key.")
    private String to;

    @Option(names = "--reverse", description = "From the last key to the first.")
    private boolean reverse;

    @Option(names = "--keys-only", description = "Keys alone, one per line.")
    private boolean keysOnly;

    @Override
    public Integer call() throws InterruptedException {
        if (limit != null && limit < 1) {
            throw new CliException(ExitCode.USAGE, "--limit takes a number from 1, not " + limit);
        }
        ApiClient stores = root.stores();
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "prefix", prefix);
        put(query, "from", from);
        put(query, "to", to);
        put(query, "reverse", reverse ? "true" : null);
        put(query, "keys_only", keysOnly ? "true" : null);
        long left = limit == null ? Long.MAX_VALUE : limit;
        boolean first = true;
        while (left > 0) {
            query.put("limit", Long.toString(Math.min(left, PAGE_ITEMS)));
            ScanPage page = Json.read(stores.ask(Call.get("/v1/kv" + Paths.query(query))), ScanPage.class);
            show(page, first);
            first = false;
            left -= page.items().size();
            if (page.last()) {
                break;
            }
            query.put("cursor", page.cursor());
        }
        return ExitCode.OK.number();
    }

    private void show(ScanPage page, boolean first) {
        PrintStream out = root.terminal().out();
        if (root.output() == OutputFormat.json) {
            page.items().forEach(item -> out.println(Json.line(item)));
        } else if (keysOnly) {
            page.items().forEach(item -> out.println(ValuePreview.printable(item.key())));
        } else if (!page.items().isEmpty()) {
            Table table = new Table("KEY", "REVISION", "BYTES", "VALUE");
            for (ScanItem item : page.items()) {
                byte[] value =
                        item.value() == null ? new byte[0] : Base64.getDecoder().decode(item.value());
                table.row(
                        ValuePreview.printable(item.key()),
                        Long.toString(item.revision()),
                        Integer.toString(value.length),
                        ValuePreview.of(value));
            }
            table.print(out, first);
        }
    }

    private static void put(Map<String, String> query, String name, String value) {
        if (value != null) {
            query.put(name, value);
        }
    }
}
