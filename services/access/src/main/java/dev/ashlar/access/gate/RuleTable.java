package dev.ashlar.access.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The rules of a service as a table: the first row that fits decides, and without one an administrator is needed.
 *
 * <p>A template is a path, or ends in one part in braces that stands for all the rest, {@code /} included. Immutable; pure.
 */
public final class RuleTable implements Rules {
    private static final Need ADMIN = new Need.Admin();
    private static final Need ANY_TOKEN = new Need.AnyToken();
    private static final Need NOTHING = new Need.Nothing();
    private static final Need PEER = new Need.Peer();

    /** One row, for the list of all routes. */
    public record Row(Set<String> methods, String template) {
        /** Whether the row is for this path. */
        public boolean covers(String path) {
            return new Pattern(template).covers(path);
        }
    }

    /** A template, taken apart once: it is compared with the path of every request. */
    private record Pattern(String template, String fixed, boolean openEnded) {
        Pattern(String template) {
            this(template, template.substring(0, end(template)), template.endsWith("}"));
        }

        private static int end(String template) {
            int brace = template.indexOf('{');
            return brace < 0 ? template.length() : brace;
        }

        boolean covers(String path) {
            if (openEnded) {
                return path.startsWith(fixed);
            }
            boolean slashed = path.length() == template.length() + 1 && path.endsWith("/") && !template.endsWith("/");
            return path.startsWith(template) && (path.length() == template.length() || slashed);
        }

        String rest(String path) {
            return openEnded ? path.substring(fixed.length()) : "";
        }
    }

    private record Rule(Row row, Pattern pattern, Function<Request, Need> need) {
        Rule(Row row, Function<Request, Need> need) {
            this(row, new Pattern(row.template), need);
        }
    }

    private record Request(String rest, String query) {}

    private final List<Rule> rules;

    private RuleTable(List<Rule> rules) {
        this.rules = rules;
    }

    @Override
    public Need need(String method, String path, String query) {
        for (Rule rule : rules) {
            if (rule.pattern.covers(path) && rule.row.methods.contains(method)) {
                return rule.need.apply(new Request(rule.pattern.rest(path), query));
            }
        }
        return ADMIN;
    }

    /** Every row, in order. */
    public List<Row> rows() {
        return rules.stream().map(Rule::row).toList();
    }

    /**
     * Begins a table.
     *
     * @param key decodes the rest of a path as the routes do
     * @param prefix finds the decoded prefix in a query as the routes do; empty when there is none
     */
    public static Builder of(UnaryOperator<String> key, Function<String, String> prefix) {
        return new Builder(key, prefix);
    }

    /** Collects rows. Methods are separated by blanks. */
    public static final class Builder {
        private final UnaryOperator<String> key;
        private final Function<String, String> prefix;
        private final List<Rule> rules = new ArrayList<>();

        private Builder(UnaryOperator<String> key, Function<String, String> prefix) {
            this.key = key;
            this.prefix = prefix;
        }

        public Builder readKey(String methods, String template) {
            return add(methods, template, request -> new Need.Read(key.apply(request.rest)));
        }

        public Builder writeKey(String methods, String template) {
            return add(methods, template, request -> new Need.Write(key.apply(request.rest)));
        }

        public Builder readRange(String methods, String template) {
            return add(methods, template, request -> new Need.Read(prefix.apply(request.query)));
        }

        public Builder writeRange(String methods, String template) {
            return add(methods, template, request -> new Need.Write(prefix.apply(request.query)));
        }

        public Builder anyToken(String methods, String template) {
            return add(methods, template, request -> ANY_TOKEN);
        }

        public Builder admin(String methods, String template) {
            return add(methods, template, request -> ADMIN);
        }

        public Builder nothing(String methods, String template) {
            return add(methods, template, request -> NOTHING);
        }

        /** For the list alone: what lies below {@code /internal/} needs a peer whatever the table says. */
        public Builder peer(String methods, String template) {
            return add(methods, template, request -> PEER);
        }

        private Builder add(String methods, String template, Function<Request, Need> need) {
            rules.add(new Rule(new Row(Set.of(methods.split(" ")), template), need));
            return this;
        }

        public RuleTable build() {
            return new RuleTable(List.copyOf(rules));
        }
    }
}
