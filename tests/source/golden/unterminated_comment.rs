fn main() {
    /* outer
       /* inner */
       more
